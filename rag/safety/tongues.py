"""Rules for orders in other languages than English: setting instructions aside, another role, a word to the assistant.

They are written without accents, as `rag.safety.disguises.undisguised` gives a text, and each asks for an imperative:
"N'oubliez pas de lire toutes les instructions" is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.safety.rule import Rule, needed

_I = re.IGNORECASE
_SET_ASIDE = "tells an assistant to set its instructions aside"
# Where an order begins: "Die Firewall ignoriert alle Regeln" gives none.
_BEGIN = (
    r"(?:^\W*|[.!?:;,\-–—\]>)}|\"“«*#]\s*|\b(?:bitte|nun|jetzt|s'il\s+(?:te|vous)\s+plait|maintenant|por\s+favor"
    r"|ahora|agora|per\s+favore|ora"
    r"|alstublieft|nu|prosze|teraz|пожалуйста|теперь|please|now)\s+)"
)


@dataclass(frozen=True, slots=True)
class _Tongue:
    """Words of one language, as patterns.

    Args:
        keys: The words that any text that breaks one of the rules has one of.
        set_aside: Imperatives.
        earlier: All, previous, your: one of them stands beside the orders.
        orders: Instructions, rules.
        negation: What turns the imperative around behind the verb.
        you_are: "You are now".
        say: Imperatives for speaking, behind the name of an assistant.
    """

    keys: str
    set_aside: str
    earlier: str
    orders: str
    you_are: str
    say: str
    negation: str = r"(?!)"


_TONGUES = {
    "german": _Tongue(
        "ignorier ignoriere ignoriert ignorieren vergiss vergesst vergessen missachte missachtet missachten"
        " ubergehe ubergehen bist sind sag sage sagt antworte erwahne nenne empfiehl",
        r"ignorier(?:e|t|en\s+sie)?|vergiss|vergesst|vergessen\s+sie|missachte[nt]?(?:\s+sie)?|uberg(?:ehe|ehen\s+sie)"
        r"|(?=alle\s+(?:bisher|vorher|vorig|fruher|obig)\w+\s+\w+\s+(?:\w+\s+)?(?:ignorieren|vergessen))",
        r"alle[rsnm]?|samtliche\w*|jegliche\w*|jede\w*|bisherig\w+|vorherig\w+|vorig\w+|fru(?:e)?her\w+|obig\w+"
        r"|vorangeh\w+"
        r"|vorangegangen\w+|vorhergeh\w+|deine\w*|eure\w*|ihre\w*",
        r"anweisung(?:en)?|instruktion(?:en)?|regeln?|vorgaben?|befehle?|richtlinien?|system-?prompts?|prompts?",
        r"(?:du\s+bist|sie\s+sind)\s+(?:jetzt|nun|ab\s+(?:jetzt|sofort))|(?:ab\s+(?:jetzt|sofort)"
        r"|von\s+nun\s+an)\s+(?:bist\s+du"
        r"|sind\s+sie)",
        r"sag[et]?|antworte|erwahne|ignoriere|vergiss|nenne|empfiehl",
        r"\b(?:nicht|nie|niemals)\b",
    ),
    "french": _Tongue(
        "ignore ignores ignorez oublie oublies oubliez neglige negliges negligez tiens tenez suis suivez es"
        " etes dis dites reponds repondez mentionne mentionnes mentionnez recommande recommandez",
        r"ignore[zs]?|oublie[zs]?|neglige[zs]?|(?:ne\s+)?(?:tiens|tenez)\s+(?:pas|aucun)\s+compte|ne\s+(?:suis"
        r"|suivez)\s+(?:pas|plus)",
        r"tou(?:s|te|tes|t)|precedent\w*|anterieur\w*|ci-dessus|tes|vos",
        r"instructions?|consignes?|regles?|directives?|ordres?|prompts?",
        r"(?:tu\s+es|vous\s+etes)\s+(?:maintenant|desormais)|(?:desormais"
        r"|a\s+partir\s+de\s+maintenant),?\s+(?:tu\s+es|vous\s+etes)",
        r"dis|dites|reponds|repondez|ne\s+mentionne[zs]?|ignore[zs]?|oublie[zs]?|recommande[zs]?",
        r"^\s+(?:pas|jamais)\b",
    ),
    "spanish": _Tongue(
        "ignora ignore ignoren ignorad olvida olvide olviden olvidad olvidate olvidese omita omite omitan"
        " desobedece descarta descarte descarten siga sigas haga hagas tenga tengas eres usted di diga"
        " responde responda menciones mencione recomienda",
        r"ignor(?:a|e|en|ad)|olvid(?:a|e|en|ad|ate\s+de|ese\s+de)|omit(?:e|a|an)|desobedece|descart(?:a|e|en)"
        r"|no\s+(?:sigas?|hagas?\s+caso|tengas?\s+en\s+cuenta)",
        r"tod[oa]s?|anterior(?:es)?|previ[oa]s?|precedentes|tus|cualquier",
        r"instrucci(?:on|ones)|ordenes|reglas|normas|indicaciones|directrices|prompts?",
        r"(?:ahora|a\s+partir\s+de\s+ahora|desde\s+ahora),?\s+(?:tu\s+)?(?:eres|usted\s+es)|(?:eres"
        r"|usted\s+es)\s+ahora",
        r"di|diga|responde|responda|no\s+menciones?|ignora|ignore|olvida|olvide|recomienda",
    ),
    "italian": _Tongue(
        "ignora ignorate ignori dimentica dimenticate dimentichi trascura trascurate seguire considerare"
        " tenere sei siete di dite rispondi rispondete menzionare consiglia",
        r"ignor(?:a|ate|i)|dimentic(?:a|ate|hi)|trascur(?:a|ate)|non\s+(?:seguire|considerare|tenere\s+conto)",
        r"tutt[ei]|precedent[ei]|anterior[ei]|tue|tuoi|vostre|qualsiasi",
        r"istruzion[ei]|regol[ae]|ordini|direttive|indicazioni|prompts?",
        r"(?:ora|adesso|d'ora\s+in\s+poi),?\s+(?:tu\s+)?(?:sei|siete)|(?:sei|siete)\s+(?:ora|adesso)",
        r"di'|dite|rispondi|rispondete|non\s+menzionare|ignora|dimentica|consiglia",
    ),
    "portuguese": _Tongue(
        "ignore ignora ignorem esqueca esquece esquecam desconsidere desconsidera desconsiderem desrespeite"
        " siga obedeca voce tu diga responda mencione recomende",
        r"ignor(?:e|a|em)|esquec(?:a|e|am)|desconsider(?:e|a|em)|desrespeite|nao\s+(?:siga|obedeca)",
        r"tod[oa]s?|anterior(?:es)?|previ[oa]s?|precedentes|suas|tuas|acima|qualquer",
        r"instruc(?:ao|oes)|regras|ordens|diretrizes|orientacoes|comandos|prompts?",
        r"(?:agora|a\s+partir\s+de\s+agora),?\s+(?:voce\s+e|tu\s+es)|(?:voce\s+e|tu\s+es)\s+agora",
        r"diga|responda|nao\s+mencione|ignore|esqueca|recomende",
    ),
    "dutch": _Tongue(
        "negeer negeert vergeet bent ben zeg antwoord vermeld",
        r"negeer|negeert|vergeet",
        r"alle|eerder\w*|vorige|voorgaande|bovenstaande|voorafgaande|je|jouw|uw",
        r"instructies?|regels?|opdrachten|aanwijzingen|richtlijnen|prompts?",
        r"(?:je|jij|u)\s+bent\s+(?:nu|vanaf\s+nu)|(?:vanaf\s+nu|nu)\s+ben(?:t)?\s+(?:je|jij|u)",
        r"zeg|antwoord|vermeld|negeer|vergeet",
        r"\b(?:niet|nooit)\b",
    ),
    "polish": _Tongue(
        "ignoruj ignorujcie zignoruj zignorujcie zapomnij zapomnijcie pomin pomincie odrzuc odrzuccie jestes"
        " jestescie powiedz odpowiedz odpowiadaj wspominaj",
        r"(?:z)?ignoruj(?:cie)?|zapomnij(?:cie)?|pomin(?:cie)?|odrzuc(?:cie)?",
        r"wszystk\w+|poprzedni\w+|wczesniejsz\w+|dotychczasow\w+|swo(?:je|ich)|two(?:je|ich)|powyzsz\w+",
        r"instrukcj\w+|polece\w+|regul\w*|zasad\w*|wytyczn\w+|prompt\w*",
        r"(?:jestes|jestescie)\s+teraz|(?:teraz|od\s+teraz)\s+(?:jestes|jestescie)",
        r"powiedz|odpowiedz|odpowiadaj|nie\s+wspominaj|zignoruj|ignoruj",
    ),
    "russian": _Tongue(
        "игнорируй игнорируйте проигнорируй проигнорируйте забудь забудьте отбрось отбросьте следуй следуйте"
        " выполняй выполняйте соблюдай соблюдайте теперь отныне скажи скажите ответь ответьте отвечай"
        " отвечайте сообщи сообщите упоминай упоминайте",
        r"(?:про)?игнорируй(?:те)?|забудь(?:те)?|отбрось(?:те)?|не\s+(?:следуй|выполняй|соблюдай)(?:те)?",
        r"вс[её]|всех|предыдущ\w+|прежн\w+|прошл\w+|ранее|сво(?:и|их)|тво(?:и|их)|ваш\w*|выше\w*",
        r"инструкци\w+|указани\w+|правил\w*|команд\w*|распоряжени\w+|промпт\w*",
        r"(?:теперь|отныне)\s+(?:ты|вы)|(?:ты|вы)\s+теперь",
        r"скажи(?:те)?|ответь(?:те)?|отвечай(?:те)?|сообщи(?:те)?|не\s+упоминай(?:те)?|игнорируй(?:те)?",
    ),
}
_ASSISTANT = (
    r"(?:ki|ai|ia|llm|dan|gpt|si|ии|assisten\w*|asisten\w*|asystent\w*|chat-?bots?|bot|sprachmodell|robot\w*"
    r"|hacker\w*|pirat\w*"
    r"|modele?\s+de\s+langage|modelo\s+de\s+(?:lenguaje|linguagem)|modello\s+linguistico|taalmodel"
    r"|model\w*\s+jezykow\w*"
    r"|ассистент\w*|помощник\w*|бот|чат-?бот\w*|хакер\w*|модель)"
)
_WITHOUT_RULES = (
    r"(?:ohne|sans|sin|senza|sem|zonder|bez|без)\s+(?:\w+\s+)?(?:regeln|einschrankungen|regles|restrictions?|reglas"
    r"|restricciones|regole"
    r"|restrizioni|regras|restricoes|regels|beperkingen|zasad|ograniczen|правил|ограничений|limites?|limiti)"
)
_CHINESE_ROLE = r"(?:ai|助手|机器人|機器人|模型|人工智能|黑客|没有(?:任何)?限制|不受(?:任何)?限制)"
_JAPANESE_ROLE = r"(?:ai|アシスタント|ボット|モデル|人工知能|制限のない|制約のない)"
_CHINESE = (
    r"(?:^|[\s。.!?:;,、\"“「]|请|請|必须|必須|现在|現在|立即)(?:忽略|无视|無視|忘记|忘記|忘掉|忽视|忽視|不再?遵守|不要(?:遵守|遵循|理会))"
    r"[^。!?\n]{0,8}(?:之前|以前|先前|此前|上面|上述|以上|前面|所有|全部|一切|任何|你的|原有)[^。!?\n]{0,8}"
    r"(?:指令|指示|规则|規則|提示词|提示詞|系统提示|系統提示|命令|设定|設定)"
)
_JAPANESE = (
    r"(?:これまで|今まで|以前|前の|先ほど|上記|上の|すべて|全て|全部|あらゆる|一切|あなたの)[^。!?\n]{0,12}"
    r"(?:指示|命令|ルール|規則|プロンプト|指令)[^。!?\n]{0,8}(?:(?:無視|破棄)し(?:て(?:下さい|ください|くれ|[、。,.!]|$)|ろ|[、,]|なさい)|無視せよ"
    r"|忘れ(?:て(?:下さい|ください|くれ|[、。,.!]|$)|ろ|なさい)|従わないで)"
)


def tongue_rules() -> dict[str, Rule]:
    """Return the rules by name."""
    found: dict[str, Rule] = {}
    for name, words in _TONGUES.items():
        found[f"override_{name}"] = Rule(_override(words), _SET_ASIDE, needs=(needed(words.keys),))
        found[f"role_{name}"] = Rule(_role(words), "gives an assistant another role", needs=(needed(words.keys),))
    found["override_chinese"] = Rule(
        re.compile(_CHINESE), _SET_ASIDE, needs=(frozenset("忽无無忘不"), frozenset("指规規提命设設"))
    )
    found["override_japanese"] = Rule(
        re.compile(_JAPANESE), _SET_ASIDE, needs=(frozenset("無忘破従"), frozenset("指命ル規プ"))
    )
    found["role_chinese"] = Rule(
        re.compile(rf"(?:你|您)(?:现在|現在|从现在起|今后)(?:就)?是[^。!?\n]{{0,16}}{_CHINESE_ROLE}", _I),
        "gives an assistant another role",
        needs=(frozenset("你您"), frozenset("是")),
    )
    found["role_japanese"] = Rule(
        re.compile(rf"(?:あなた|君|お前)は(?:今|これ|今後)(?:から|より)?[^。!?\n]{{0,20}}{_JAPANESE_ROLE}", _I),
        "gives an assistant another role",
        needs=(frozenset("あ君お"), frozenset("は")),
    )
    return found


def _override(words: _Tongue) -> re.Pattern[str]:
    gap = rf"(?:(?!{words.negation})[^.!?\n]){{0,50}}?"
    return re.compile(
        rf"{_BEGIN}(?:{words.set_aside})\b(?={gap}\b(?:{words.earlier})(?!\w)){gap}\b(?:{words.orders})(?!\w)", _I
    )


def _role(words: _Tongue) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{words.you_are})\b(?:[^.!?\n]){{0,40}}?\b(?:{_ASSISTANT}\b|{_WITHOUT_RULES})"
        rf"|^\W*(?:{_ASSISTANT})\s*:\s*(?:{words.say})\b",
        _I,
    )
