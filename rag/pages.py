"""Pages of HTML that stand alone, made from the templates of a package: every text escaped, nothing left undefined."""

from __future__ import annotations


def render_page(package: str, template: str, **values: object) -> str:
    """Return a page.

    Args:
        package: Name of the package that holds the template.
        template: Name of its file.
        values: What the template names.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package, "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)
