"""Settings: defaults, then ``footnote.toml``, then ``FOOTNOTE_…`` variables, then the command line.

A variable names its setting with two underscores between group and key: ``FOOTNOTE_INGEST__MAX_FILE_MB``.
Unknown keys are errors that name the key and the nearest valid one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from rag.errors import SettingsError

CONFIG_NAME = "footnote.toml"
ENV_PREFIX = "FOOTNOTE_"
ENV_DELIMITER = "__"
# Secrets are read where they are used and stand in no settings file.
SECRET_VARIABLES = frozenset({"FOOTNOTE_OPENAI_API_KEY"})


# 31 years; clocks of the operating system count to 292.
_Seconds = Annotated[float, Field(gt=0, le=1e9)]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class IngestSettings(_Group):
    """Limits that no file may exceed, and how files are read."""

    max_file_mb: float = Field(100.0, gt=0, description="largest file, in MB")
    max_pages: int = Field(3000, gt=0, description="most pages, slides or sheets of one file")
    max_characters: int = Field(20_000_000, gt=0, description="most characters of text of one file")
    max_archive_depth: int = Field(3, ge=0, description="archives inside archives")
    max_unpacked_mb: float = Field(500.0, gt=0, description="unpacked size of one archive, in MB")
    max_archive_files: int = Field(10_000, gt=0, description="most files of one archive")
    parse_timeout_s: _Seconds = Field(120.0, description="longest time for one file, in seconds")
    parse_memory_mb: int = Field(2048, ge=256, description="memory of the parsing process, in MB")
    ocr: Literal["auto", "off"] = Field("auto", description="recognize scanned pages where the ocr extra is installed")


class ChunkSettings(_Group):
    """How documents are cut into passages."""

    budget_tokens: int = Field(240, ge=32, le=500, description="longest chunk with its context, in tokens")
    context_tokens: int = Field(48, ge=0, le=128, description="most tokens of title, headings and table header")


class RetrieveSettings(_Group):
    """How candidates are found and fused."""

    dense_limit: int = Field(50, ge=1, le=1000, description="candidates by embedding")
    lexical_limit: int = Field(50, ge=1, le=1000, description="candidates by full text")
    lexical_share: float = Field(0.5, ge=0, le=1, description="share of the words in the score, the rest is meaning")
    limit: int = Field(50, ge=1, le=1000, description="candidates after fusion")


class GraphSettings(_Group):
    """How knowledge-graph neighbours join the evidence."""

    enabled: bool = Field(default=True, description="whether neighbours join the evidence")
    limit: int = Field(20, ge=0, le=200, description="most passages that the graph may add or raise")


class RerankSettings(_Group):
    """How candidates are ordered."""

    enabled: bool = Field(default=True, description="whether candidates are reranked")
    limit: int = Field(18, ge=1, le=200, description="most candidates that the reranker reads")


class AnswerSettings(_Group):
    """How answers are made and checked."""

    passages: int = Field(8, ge=1, le=50, description="passages that an answer may rest on")
    max_sentences: int = Field(3, ge=1, le=20, description="most sentences of a quoted answer")
    max_tokens: int = Field(400, ge=16, description="longest generated answer, in tokens")
    drafts: int = Field(1, ge=1, le=5, description="answers that a language model writes to choose from")
    min_support: float = Field(0.5, ge=0, le=1, description="support below which a sentence is cut")
    min_confidence: float = Field(0.5, ge=0, le=1, description="confidence below which the answer is refused")
    max_question_characters: int = Field(4000, ge=10, description="longest question")
    model_timeout_s: _Seconds = Field(120.0, description="longest time of one call of a model, in seconds")
    generator_timeout_s: _Seconds = Field(180.0, description="longest time of a generated answer, in seconds")
    seed: int = Field(7, description="seed of sampling")


class ModelSettings(_Group):
    """References of the models: ``bundled:NAME``, a folder, ``hf:ORG/NAME@REVISION`` or ``openai:URL#MODEL``."""

    embedding: str = "bundled:all-MiniLM-L6-v2"
    reranker: str = "bundled:reader"
    generator: str = "bundled:writer"
    verifier: str = "bundled:verifier"
    runtime: Literal["auto", "torch-float32", "torch-bfloat16", "torch-int8"] = "auto"
    grounded: bool = Field(default=False, description="whether a local language model may only use the passages' words")
    threads: int = Field(0, ge=0, description="threads of the models; 0 takes the machine's cores")


class ServeSettings(_Group):
    """Where the application listens."""

    host: str = "127.0.0.1"
    port: int = Field(8501, ge=1, le=65535)


class Settings(BaseSettings):
    """Everything that can be set, with its default."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=ENV_DELIMITER, env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("footnote", appauthor=False)))
    ingest: IngestSettings = IngestSettings()
    chunk: ChunkSettings = ChunkSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    graph: GraphSettings = GraphSettings()
    rerank: RerankSettings = RerankSettings()
    answer: AnswerSettings = AnswerSettings()
    models: ModelSettings = ModelSettings()
    serve: ServeSettings = ServeSettings()

    @field_validator("home", mode="before")
    @classmethod
    def _named(cls, home: object) -> object:
        """Refuse an empty path, which would be the working directory."""
        if isinstance(home, str) and not home.strip():
            raise ValueError("Expected the path of a directory")
        return home

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment variables win over the file, whose values come in as initial ones."""
        return (env_settings, init_settings)


def load_settings(
    *, config: Path | None = None, home: Path | None = None, env: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings of this run.

    Args:
        config: Configuration file; by default ``footnote.toml`` in the working directory, where there is one.
        home: Home directory from the command line; wins over file and environment.
        env: Environment to check for unknown variables; by default the process's.

    Raises:
        SettingsError: A file that cannot be opened, is no TOML, or names an unknown key; a variable that names one;
            a value outside its range; a home directory below that of nobody. An empty variable counts as none.
    """
    values = _read_config(config)
    environment = os.environ if env is None else env
    for key in _unknown_variables(environment):
        valid = [ENV_PREFIX + path.upper().replace(".", ENV_DELIMITER) for path in setting_names()]
        raise SettingsError(f"The environment variable {key!r} names no setting.", hint=_nearest(key, valid))
    try:
        settings = Settings(**values)
    except ValidationError as exc:
        raise _explain(exc) from exc
    except SourceError as exc:
        raise _no_group(environment) from exc
    if home is not None:
        settings = settings.model_copy(update={"home": home})
    try:
        return settings.model_copy(update={"home": settings.home.expanduser().absolute()})
    except RuntimeError as exc:
        raise SettingsError(
            f"The home directory {str(settings.home)!r} is that of nobody known here.",
            hint="Write out the path, or the right name behind '~'.",
        ) from exc


def setting_names() -> list[str]:
    """Return the dotted names of all settings, sorted."""
    return sorted(_names(Settings))


def _names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _names(info.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _read_config(config: Path | None) -> dict[str, Any]:
    path = config or Path(CONFIG_NAME)
    try:
        if config is None and not path.is_file():
            return {}
        # Editors of Windows put a byte-order mark first.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise SettingsError(
            f"The configuration file {str(path)!r} cannot be opened: {exc.strerror}.",
            hint="Check the path, and that you may read it.",
        ) from exc
    except (ValueError, RecursionError) as exc:
        raise SettingsError(
            f"The configuration file {str(path)!r} is not TOML: {exc}.", hint="Mend that line."
        ) from exc


def _no_group(environment: Mapping[str, str]) -> SettingsError:
    """Return what is wrong with the variable of a whole group: its value is no JSON."""
    groups = _groups()
    given = ", ".join(f"{key}={environment[key]!r}" for key in sorted(environment) if key.upper() in groups)
    return SettingsError(
        f"An environment variable that names a whole group of settings is no JSON object: {given}.",
        hint=f"Name one setting with two underscores, as {ENV_PREFIX}MODELS{ENV_DELIMITER}EMBEDDING.",
    )


def _groups() -> set[str]:
    """Return the variables of whole groups; a setting of its own, as the home directory, is none."""
    return {ENV_PREFIX + name.split(".")[0].upper() for name in setting_names() if "." in name}


def _unknown_variables(environment: Mapping[str, str]) -> list[str]:
    known = {ENV_PREFIX + name.upper().replace(".", ENV_DELIMITER) for name in setting_names()}
    groups = _groups()
    return sorted(
        key
        for key in environment
        if key.upper().startswith(ENV_PREFIX) and key.upper() not in known | groups | SECRET_VARIABLES
    )


def _nearest(name: str, valid: list[str]) -> str:
    close = difflib.get_close_matches(name, valid, n=1, cutoff=0.0)
    return f"Did you mean {close[0]!r}?" if close else ""


def _explain(error: ValidationError) -> SettingsError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return SettingsError(f"There is no setting {name!r}.", hint=_nearest(name, setting_names()))
    return SettingsError(
        f"The setting {name!r} cannot be {first.get('input')!r}: {first['msg'].lower()}.",
        hint=f"Mend {name!r} in {CONFIG_NAME} or in its {ENV_PREFIX}… variable.",
    )
