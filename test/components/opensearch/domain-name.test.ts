import assert from "node:assert/strict";

import * as fc from "fast-check";

import { domainArnOf, domainNameFrom } from "../../../components/opensearch/domain-name";
import { adoptedOpensearchSchema } from "../../../components/opensearch/schema";
import { problemsOf } from "../../../components/schema/problems";

const domainNameProblems = (domainName: string) => problemsOf(adoptedOpensearchSchema, { domainName });

describe("name of an OpenSearch domain", () => {
    it("is what it is made of, when that is valid", () => {
        assert.equal(domainNameFrom("search"), "search");
        assert.equal(domainNameFrom("pulsar-lab", "dev"), "pulsar-lab-dev");
    });

    it("is stable, and tells apart what it had to shorten", () => {
        const long = "pulsar-lab-experiment-with-a-long-name";
        assert.equal(domainNameFrom(long), "pulsar-lab-experiment-d0bbd8");
        assert.notEqual(domainNameFrom(`${long}1`), domainNameFrom(`${long}2`));
        assert.notEqual(domainNameFrom("My_Lab"), domainNameFrom("my lab"));
        assert.match(domainNameFrom("x"), /^x-[0-9a-f]{6}$/);
        assert.match(domainNameFrom("42"), /^domain-[0-9a-f]{6}$/);
    });

    it("is valid whatever it is made of", () => {
        fc.assert(
            fc.property(fc.string(), fc.string(), (a, b) => {
                assert.deepEqual(domainNameProblems(domainNameFrom(a, b)), []);
            }),
        );
    });

    for (const name of ["ab", "a".repeat(29), "Search", "1search", "search_1", "-search", ""])
        it(`is refused when it is ${JSON.stringify(name)}`, () =>
            assert.equal(domainNameProblems(name).length, 1));

    for (const name of ["abc", "a".repeat(28), "search-1"])
        it(`is taken when it is ${name}`, () => assert.deepEqual(domainNameProblems(name), []));

    it("makes the ARN", () => {
        const owner = {
            accountId: "123456789012",
            region: "eu-west-1",
            partition: "aws",
            domainName: "search",
        };
        assert.equal(domainArnOf(owner), "arn:aws:es:eu-west-1:123456789012:domain/search");
    });
});
