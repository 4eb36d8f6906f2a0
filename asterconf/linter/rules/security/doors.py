"""What is left open beside the doors: numbers by phone, logins that nobody sees, certificates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from stat import S_IROTH, S_IWOTH

from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import ObjectRule, TreeRule
from asterconf.linter.tree import Tree
from asterconf.resolve.files import directives
from asterconf.source import Position, fold, is_true


class VoicemailDialsOut(TreeRule):
    """The options `dialout` and `callback` of voicemail.conf, with a context that reaches a trunk.

    Whoever has the PIN of a box may then call out from the menu of the box, on the bill of the
    house. All calls that come into the context are followed, as `asterconf ask reach` does.
    """

    name = "voicemail-dials-out"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such option."""
        for option, context, box, place in _leading_on(tree) if tree.trunks else ():
            handed = tree.context_reaches_trunk(context)
            if handed != "no":
                facts = {"option": option, "context": context, "box": box}
                yield self.at(place, may="can" if handed == "yes" else "may be able to", **facts)


def _leading_on(tree: Tree) -> Iterator[tuple[str, str, str, Position]]:
    """Yield the options of boxes that lead into the dialplan: option, context, box and place."""
    for section in tree.sections("voicemail.conf"):
        for index, (name, value) in enumerate(section.pairs):
            place = section.item(index).origin
            if fold(section.name) == "general":
                if fold(name) in _OUT and value:
                    yield fold(name), value, "any box", place
                continue
            for part in (*value.split(",", 4), "", "", "", "")[4].split("|"):
                option, _, context = part.partition("=")
                if fold(option.strip(" \t")) in _OUT and context:
                    yield fold(option.strip(" \t")), context, f"box {name}", place


_OUT = frozenset({"dialout", "callback"})


class NoSecurityLog(TreeRule):
    """A logger.conf without the level `security`, where calls from outside come in.

    Logins that fail are told at that level only; fail2ban and its like have nothing to read.
    """

    name = "no-security-log"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the section [logfiles]."""
        sections = [one for one in tree.sections("logger.conf") if fold(one.name) == "logfiles"]
        levels = {
            fold(level.strip(" \t"))
            for section in sections
            for name, value in section.pairs
            if fold(name) != "console"
            for level in value.rpartition("]")[2].split(",")
        }
        if sections and tree.outsiders and not levels & {"security", "*"}:
            yield self.at(sections[0].position)


class UncheckedCertificate(ObjectRule):
    """A registration by TLS, by a transport that does not check whose certificate it is shown.

    Whoever stands between the PBX and its provider may show one of his own, and read the password.
    """

    name = "unchecked-certificate"
    kinds = frozenset({"registration"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the transport that the registration names."""
        name = one.text("transport")
        for transport in tree.objects.all("transport"):
            by_tls = transport.id == name and fold(transport.text("protocol")) == "tls"
            if by_tls and not is_true(transport.text("verify_server")):
                yield self.at(one.where("transport"), name=one.id, transport=name)


class TlsWithout(ObjectRule):
    """A TLS transport without `method`, or one for phones without a certificate.

    Without a method it takes neither TLS 1.2 nor 1.3, which is all that current phones and
    providers speak. Without a certificate it takes no connection; calls may go out by it.
    """

    name = "tls-without"
    kinds = frozenset({"transport"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the protocol."""
        if fold(one.text("protocol")) != "tls":
            return
        if fold(one.text("method")) in {"", "default", "unspecified"}:
            yield self.at(one.where("protocol"), name=one.id)
        for phone in tree.objects.all("endpoint") if not one.text("cert_file") else ():
            if phone.text("transport") == one.id and tree.role(phone.id) == "extension":
                facts = {"name": one.id, "phone": phone.id}
                yield self.at(one.where("protocol"), code="AC736", **facts)
                return


class ClientCertificates(ObjectRule):
    """Certificates of phones that a TLS transport asks for or checks, but not both, or by nothing.

    Each needs the other: who asks without checking takes any certificate, and who checks without
    asking lets those in who send none. Without authorities no certificate can be right.
    """

    name = "client-certificates"
    kinds = frozenset({"transport"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the option, if it does not do what it is there for."""
        asks, checks = one.on("require_client_cert"), one.on("verify_client")
        problem = ""
        if asks and not checks:
            problem = "not verify_client: any certificate will do"
        elif checks and not one.text("ca_list_file") and not one.text("ca_list_path"):
            problem = "no ca_list_file: every phone with a certificate is refused"
        elif checks and not asks:
            problem = "not require_client_cert: a phone without a certificate gets in"
        if problem and fold(one.text("protocol")) == "tls":
            option = "verify_client" if checks else "require_client_cert"
            yield self.at(one.where(option), name=one.id, option=option, problem=problem)


class FilesOpenToAll(TreeRule):
    """Files of the folder that every account may write, or read passwords in, and #exec scripts.

    Whoever may write them decides what Asterisk runs: a script is run with its rights. They are
    looked at with `--host-files`, or in /etc/asterisk.
    """

    name = "files-open-to-all"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such file."""
        root = tree.work.files.root
        if root is None or not tree.host_files:
            return
        for name in tree.work.names:
            try:
                mode = (root / name).stat().st_mode
            except OSError:
                continue
            facts = {"file": name, "letters": "w" if mode & S_IWOTH else "r"}
            if mode & S_IWOTH:
                yield self.at(Position(name, 1), use="write", **facts)
            elif mode & S_IROTH and _has_secrets(tree, name):
                yield self.at(Position(name, 1), use="read the passwords in", **facts)
            document = tree.work.files.documents.get(name)
            for node in directives(document) if document is not None else ():
                script = Path(node.target.split(" ")[0])
                if fold(node.word) == "exec" and script.is_absolute() and _others_write(script):
                    facts = {"file": str(script), "letters": "w"}
                    yield self.at(Position(name, node.line), use="write", **facts)


def _others_write(file: Path) -> bool:
    """Tell whether every account may write a file."""
    try:
        return bool(file.stat().st_mode & S_IWOTH)
    except OSError:
        return False


def _has_secrets(tree: Tree, file: str) -> bool:
    """Tell whether an option of a file is a password, by what is known of its options."""
    for section in tree.sections(file):
        kind = section.kind
        for name, value in section.pairs if kind is not None else ():
            known = kind.line_key(name) if kind is not None else None
            if value and known is not None and known[1].secret:
                return True
    return False
