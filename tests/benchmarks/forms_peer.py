"""ODK's own web engine on the same forms and answers, where Node is present.

`@getodk/xforms-engine` runs over the DOM of `jsdom`. Both come from the package registry into a
folder that is given, and stay out of this repository.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PACKAGES = ("@getodk/xforms-engine@0.22.0", "jsdom@27")
_INSTALL_SECONDS = 300

_PLAY = """
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = process.cwd();
const { window } = new JSDOM('<!doctype html>', { url: 'http://localhost/' });
for (const name of ['document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document',
  'XMLDocument', 'Attr', 'Text', 'CDATASection', 'Comment', 'NodeFilter', 'XPathResult',
  'localStorage', 'File', 'Blob', 'FormData']) globalThis[name] = window[name];
globalThis.window = window;
const { createInstance } = await import('@getodk/xforms-engine');
const { xml, repeats, answers } = JSON.parse(readFileSync(0, 'utf8'));
const began = performance.now();
const { root } = await createInstance(xml, {
  form: { fetchFormAttachment: async () => new Response(''), missingResourceBehavior: 'BLANK' },
  instance: { preloadProperties: {} },
});
const load = performance.now() - began;
const nodes = new Map();
function visit(node) {
  nodes.set(node.currentState.reference, node);
  for (const child of node.currentState.children ?? []) visit(child);
}
visit(root);
for (const reference of repeats) nodes.get(reference).addInstances();
nodes.clear();
visit(root);
const took = [];
let refused = 0;
for (const [reference, value] of answers) {
  const node = nodes.get(reference);
  const at = performance.now();
  if (node.valueType === 'int') node.setValue(BigInt(value));
  else if (node.selectValues && value.includes(' ')) node.selectValues(value.split(' '));
  else if (node.selectValue) node.selectValue(value);
  else if (node.valueType === 'decimal') node.setValue(Number(value));
  else node.setValue(value);
  took.push(performance.now() - at);
  if (node.validationState.violation !== null) refused += 1;
}
const memory = process.memoryUsage().rss;
const xmlAfter = root.instanceState.instanceXML;
process.stdout.write(JSON.stringify({ load, took, memory, refused, xml: xmlAfter }));
process.exit(0);
"""


def install(folder: Path) -> str:
    """Put the engine into a folder; return why it cannot be, blank where it is there."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "Node is not installed"
    (folder / "package.json").write_text('{"type": "module", "private": true}', "utf-8")
    (folder / "play.mjs").write_text(_PLAY, "utf-8")
    command = [npm, "install", "--no-audit", "--no-fund", "--silent", *PACKAGES]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=_INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "npm took too long"
    return "" if done.returncode == 0 else f"npm said: {done.stderr.decode()[-200:].strip()}"


def play(
    folder: Path,
    xform: str,
    repeats: Sequence[str],
    answers: Sequence[tuple[str, str]],
    seconds_max: int,
) -> Mapping[str, Any] | str:
    """Load a form and play the answers; return its figures, or why there are none.

    `load` and each of `took` are in ms, `memory` in bytes; `refused` counts answers that the
    engine finds invalid, `xml` is the instance in the end.
    """
    given = json.dumps({"xml": xform, "repeats": list(repeats), "answers": list(answers)})
    try:
        done = subprocess.run(
            [shutil.which("node") or "node", "play.mjs"],
            cwd=folder,
            input=given.encode(),
            capture_output=True,
            timeout=seconds_max,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"more than {seconds_max} s"
    if done.returncode:
        return done.stderr.decode().strip()[-300:] or "it ended with an error"
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found
