"""Rules about what strangers can do with a PBX: the codes AC709 to AC749."""

from __future__ import annotations

from asterconf.linter.rules.rule import Rule
from asterconf.linter.rules.security.doors import (
    ClientCertificates,
    FilesOpenToAll,
    NoSecurityLog,
    TlsWithout,
    UncheckedCertificate,
    VoicemailDialsOut,
)
from asterconf.linter.rules.security.injection import CallerTextInDial, CallerTextInShell
from asterconf.linter.rules.security.reach import (
    AnonymousCalls,
    OpenDisa,
    OutsiderReachesTrunk,
    OutsiderTransfers,
)
from asterconf.linter.rules.security.secrets import RepeatedSecret, WeakPin, WeakSecret
from asterconf.linter.rules.security.services import (
    AclOfOtherFile,
    BoxWithoutPin,
    HttpInClear,
    LiveDangerously,
    ManagerOpen,
    OldTls,
    PermitsAll,
    PermitsOthers,
    ReloadedTransport,
    TrustedCallerId,
)

__all__ = ["SECURITY"]

SECURITY: tuple[Rule, ...] = (
    WeakSecret(),
    RepeatedSecret(),
    WeakPin(),
    OutsiderReachesTrunk(),
    AnonymousCalls(),
    OutsiderTransfers(),
    OpenDisa(),
    ManagerOpen(),
    HttpInClear(),
    LiveDangerously(),
    PermitsAll(),
    PermitsOthers(),
    AclOfOtherFile(),
    OldTls(),
    TrustedCallerId(),
    ReloadedTransport(),
    CallerTextInShell(),
    CallerTextInDial(),
    BoxWithoutPin(),
    VoicemailDialsOut(),
    NoSecurityLog(),
    FilesOpenToAll(),
    UncheckedCertificate(),
    ClientCertificates(),
    TlsWithout(),
)
"""The rules of this family that have a check of their own."""
