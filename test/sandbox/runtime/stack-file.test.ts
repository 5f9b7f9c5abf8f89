import assert from "node:assert/strict";
import fc from "fast-check";
import { encryptionSalt, sameContent, toSandboxStackFile } from "../../../sandbox/runtime/stack-file";

const SOURCE = `# The cheapest whole lab.
config:
  aws:region: us-east-1
  # Availability zones
  pulsar-lab:availabilityZones:
    - us-east-1a
    - us-east-1b
  pulsar-lab:checks:
    mode: fix
`;

describe("stack file", () => {
    it("gets the sandbox's salt and stays as it is otherwise", () => {
        assert.deepEqual(toSandboxStackFile(SOURCE, "v1:salt"), {
            text: `${SOURCE}encryptionsalt: v1:salt\n`,
            secrets: [],
        });
        assert.deepEqual(toSandboxStackFile(SOURCE, undefined), { text: SOURCE, secrets: [] });
    });

    it("keeps a last line without an end apart from the salt", () => {
        assert.equal(toSandboxStackFile("config: {}", "s").text, "config: {}\nencryptionsalt: s\n");
        assert.equal(toSandboxStackFile("", "s").text, "encryptionsalt: s\n");
    });

    it("loses the encryption of its owner, with what only its owner can read", () => {
        const owned = `secretsprovider: awskms://alias/ours?region=us-east-1
encryptedkey: AQIC==
encryptionsalt: v1:theirs
config:
  pulsar-lab:token:
    secure: v1:abc
  pulsar-lab:owner: data
  pulsar-lab:login:
    name: me
    password:
      secure: v1:def
  pulsar-lab:last: 1
`;
        assert.deepEqual(toSandboxStackFile(owned, "v1:ours"), {
            text: "config:\n  pulsar-lab:owner: data\n  pulsar-lab:last: 1\nencryptionsalt: v1:ours\n",
            secrets: ["pulsar-lab:token", "pulsar-lab:login"],
        });
    });

    it("reads the salt", () => {
        assert.equal(encryptionSalt(`${SOURCE}encryptionsalt: v1:a=:b\n`), "v1:a=:b");
        assert.equal(encryptionSalt(SOURCE), undefined);
    });

    it("compares without the encryption", () => {
        assert.equal(sameContent(SOURCE, `encryptionsalt: v1:x\n${SOURCE}\n`), true);
        assert.equal(sameContent(SOURCE, SOURCE.replace("fix", "validate")), false);
    });

    it("says the same after the salt was added, for any plain config", () => {
        const key = fc.stringMatching(/^[a-z]{1,8}:[a-zA-Z]{1,8}$/);
        const configs = fc.dictionary(key, fc.stringMatching(/^[a-zA-Z0-9 ]{0,12}$/));
        fc.assert(
            fc.property(configs, (config) => {
                const lines = Object.entries(config).map(([name, value]) => `  ${name}: "${value}"\n`);
                const source = `config:\n${lines.join("")}`;
                const { text, secrets } = toSandboxStackFile(source, "v1:salt");
                return (
                    secrets.length === 0 && sameContent(text, source) && encryptionSalt(text) === "v1:salt"
                );
            }),
        );
    });
});
