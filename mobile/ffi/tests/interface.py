"""The whole interface of the bindings as plain text, from the signatures that were generated for Swift (the most
explicit of the three): every record with its fields, every enum with its cases, every function with its arguments.

    interface.py GENERATED COMMITTED [--keep-interface]

Compares it with the committed one and shows what differs; or writes it.
"""

import difflib
import re
import sys
from pathlib import Path

KEPT = re.compile(
    r"^(public struct|public enum|public protocol|open class|public final class|public func|public static func|"
    r"public convenience init|\s+(public var|public let|case|open func|func|public convenience init)\b)"
)
# What the generator needs for itself.
OWN = re.compile(r"FfiConverter|uniffi|Uniffi|RustCallStatus|UInt64\)|NoHandle|errorDescription|^\s+case (ok|contractVersionMismatch|apiChecksumMismatch)$|^\s+case (\d|\.|let )")


def shown(text):
    """One line a signature; sorted by type, in the order of the source within."""
    text = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"public\s*\n\s*enum", "public enum", text)
    text = re.sub(
        r"(case \w+\()\s*((?:\w+: [^\n]+?,?\s*\n\s*)+)\)",
        lambda found: found[1] + " ".join(found[2].split()) + ")",
        text,
    )
    blocks, block = [], None
    for line in text.splitlines():
        if not KEPT.match(line) or OWN.search(line):
            continue
        line = re.sub(r"\s*\{?\s*(get\s*\}|\}|return.*)?$", "", line.rstrip())
        line = re.sub(r"\bpublic |open |convenience ", "    " if "convenience" in line else "", line)
        if not line.startswith(" "):
            block = [re.sub(r":.*", "", line) if not line.startswith("func") else line]
            blocks.append(block)
        elif block is not None:
            line = "    " + line.strip()
            if line not in block:
                block.append(line)
    blocks = [block for block in blocks if len(block) > 1 or block[0].startswith("func")]
    return ["\n".join(block) for block in sorted(blocks)]


def main():
    generated, committed = Path(sys.argv[1]), Path(sys.argv[2])
    lines = ["# The whole interface of the bindings; written by mobile/ffi/tests/run.sh --keep-interface", ""]
    for source in sorted(generated.glob("*.swift")):
        lines += [f"== {source.stem}", *"\n".join(shown(source.read_text(encoding="utf-8"))).splitlines(), ""]
    found = "\n".join(lines)
    if "--keep-interface" in sys.argv:
        committed.write_text(found, encoding="utf-8")
        return 0
    expected = committed.read_text(encoding="utf-8") if committed.exists() else ""
    if found == expected:
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(
            expected.splitlines(True), found.splitlines(True), "committed", "generated"
        )
    )
    print("the interface of the bindings changed: if that was meant, run mobile/ffi/tests/run.sh --keep-interface")
    return 1


if __name__ == "__main__":
    sys.exit(main())
