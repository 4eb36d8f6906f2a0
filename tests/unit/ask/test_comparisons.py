"""Conditions that compare what is dialled with a constant are decided for all numbers at once."""

from random import Random

import pytest

from asterconf.config import Config
from tests.unit.ask.test_never_ignorance import WIZARD

CONDITIONS = (
    *("${EXTEN} = 911", "${EXTEN}=0", "911 != ${EXTEN}", "${EXTEN:1} = 00", "${EXTEN} == 0911"),
    *("${EXTEN} < 300", "300 < ${EXTEN}", "${EXTEN} >= 1000", "${EXTEN} <= 99", "7 > ${EXTEN:1}"),
    *("${EXTEN} > 200 & ${EXTEN} < 300", "${EXTEN} < 20 | ${EXTEN} > 98765", "${EXTEN} > 0"),
    *("${EXTEN} < 100000000000000000", "${EXTEN:0:3} = 011", "${EXTEN} = 12a", "${EXTEN} < 0"),
)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("pattern", ["_X.", "_XXX", "_[0-9a-z*#+]."])
def test_a_comparison_is_decided_as_calls_on_paper_decide_it(condition: str, pattern: str) -> None:
    plan = (
        f"[from-home]\nexten => {pattern},1,GotoIf($[{condition}]?out)\n same => n,Hangup()\n"
        " same => n(out),Dial(PJSIP/${EXTEN}@provider)\n[from-trunk]\nexten => 2,1,Hangup()\n"
    )
    conf = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})
    (answer,) = conf.ask.reach(entry="100").entries
    assert (answer.verdict == "yes") == bool(answer.numbers)
    chance = Random(f"{condition}{pattern}")
    near = [911, 0, 9110, 100, 299, 300, 301, 999, 1000, 99, 7, 6, 98765, 98766, 11, 20, 19, 200]
    texts = [f"{'0' * chance.choice([0, 0, 1])}{one}" for one in near]
    texts += [str(chance.randrange(10 ** chance.randint(1, 20))) for _ in range(20)]
    texts += ["911", "011", "00", "000", "099", "12a", "0110", "1a", "91a", "9*1", "+911"]
    ran = 0
    for text in texts:
        call = conf.call(text, entry="100")
        dials = any("@provider" in one.target for one in call.dialed)
        assert (text in answer.numbers) == dials or not text.isdecimal(), text
        assert dials or text not in answer.numbers, text
        ran += dials
    assert (ran > 0) == bool(answer.numbers)
