"""What Asterisk reads out of the files."""

from asterconf.resolve.effective import Effective as Effective
from asterconf.resolve.effective import EffectiveItem as EffectiveItem
from asterconf.resolve.effective import EffectiveOption as EffectiveOption
from asterconf.resolve.effective import EffectiveSection as EffectiveSection
from asterconf.resolve.files import Files as Files
from asterconf.resolve.reading import resolve as resolve
