"""How a charge came about, in the words of its proof: what a line of «Расход средств» opens to."""

from markupsafe import Markup

from components.glossary import explanation
from components.rendering import render
from portal.domain.statement import ChargeLine


def charge_proof(line: ChargeLine, title: str) -> Markup:
    """The answer, the formulas below it, in small print what `title` means and the rule; a penalty
    has nothing to do with what its service is.
    """
    explained = None if line.is_penalty else explanation(title)
    return render("charge_proof", line=line, told=line.told, explained=explained)
