// Opens a SMART Health Link with two readers that this project did not write, and prints what each
// read: node open_link.mjs FOLDER_OF_MODULES LINK
import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";
import { pathToFileURL } from "node:url";

// A global of its own only from version 20 on.
globalThis.crypto ??= webcrypto;

const [modules, link] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { SHLViewer } = await load("kill-the-clipboard");
const { compactDecrypt, decodeProtectedHeader, base64url } = await load("jose");

async function withViewer(shlinkURI, fields) {
  const found = await new SHLViewer({ shlinkURI }).resolveSHL({ recipient: "A test", ...fields });
  return found.fhirResources;
}

const payload = JSON.parse(new TextDecoder().decode(base64url.decode(link.split("shlink:/")[1])));

// As a reader that does not know the flag for one file by GET.
function withoutFlag() {
  return `shlink:/${base64url.encode(JSON.stringify({ ...payload, flag: undefined }))}`;
}

async function withJose() {
  const jwe = await (await fetch(`${payload.url}?recipient=A%20test`)).text();
  const { plaintext } = await compactDecrypt(jwe, base64url.decode(payload.key));
  return { header: decodeProtectedHeader(jwe), bundle: JSON.parse(new TextDecoder().decode(plaintext)) };
}

console.log(
  JSON.stringify({
    viewer: await withViewer(link, {}),
    listed: await withViewer(withoutFlag(), {}),
    linked: await withViewer(withoutFlag(), { embeddedLengthMax: 1000 }),
    jose: await withJose(),
  }),
);
