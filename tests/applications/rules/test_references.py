"""A legal reference in the reader's language: acts in the words of each, a scheme's own clause as it was written."""

from __future__ import annotations

import pytest

from applications.rules.references import reference


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Règl. (UE) 2021/1060, art. 53(2)", "Reg. (EU) 2021/1060, Art. 53(2)"),
        ("Règlement (UE) 2021/1060, annexe XXIV, appendice 4", "Regulation (EU) 2021/1060, Annex XXIV, Appendix 4"),
        ("Règlement (UE) 2021/1060, annexe XII, section 1", "Regulation (EU) 2021/1060, Annex XII, Section 1"),
        ("règlement (UE) 2021/1060, art. 74, § 2", "regulation (EU) 2021/1060, Art. 74(2)"),
        ("Règl. (UE) 2023/2831, art. 7(3) et 8", "Reg. (EU) 2023/2831, Art. 7(3) and 8"),
        ("Règlement (UE, Euratom) 2024/2509, art. 61", "Regulation (EU, Euratom) 2024/2509, Art. 61"),
        ("Recommandation 2003/361/CE, annexe, art. 3(4)", "Recommendation 2003/361/EC, Annex, Art. 3(4)"),
        ("CRPA, art. L. 242-2, 1°", "CRPA, Art. L. 242-2, 1°"),
        (
            "Règl. (UE) 2021/1060, art. 65 ; Règlement (UE) 2016/679, art. 5(1)(e)",
            "Reg. (EU) 2021/1060, Art. 65; Regulation (EU) 2016/679, Art. 5(1)(e)",
        ),
        ("Règlement d’intervention, art. 4 et 5", "Règlement d’intervention, art. 4 et 5"),
        ("art. 3", "art. 3"),
        ("", ""),
    ],
)
def test_a_reference_in_english(french: str, english: str) -> None:
    assert reference(french, "en-gb") == english
    assert reference(french, "fr") == french
