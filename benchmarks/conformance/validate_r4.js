// Validates FHIR R4 files with the npm package `fhir`; prints one line a message; exit 1 on any error.
const fs = require("fs");
const { Fhir } = require("fhir");
const fhir = new Fhir();
let failed = 0;
let judged = 0;
for (const file of process.argv.slice(2)) {
  const bundle = JSON.parse(fs.readFileSync(file, "utf8"));
  const resources = bundle.resourceType === "Bundle" ? [bundle, ...bundle.entry.map((e) => e.resource)] : [bundle];
  for (const resource of resources) {
    const result = fhir.validate(resource, { errorOnUnexpected: true });
    const wrong = result.messages.filter((m) => m.severity === "error" || m.severity === "fatal");
    failed += wrong.length;
    for (const m of wrong.slice(0, 20)) console.log(`${file}: ${resource.resourceType}/${resource.id}: ${m.location}: ${m.message}`);
    judged += 1;
  }
}
console.log(`${judged} resources, ${failed} errors`);
process.exit(failed ? 1 : 0);
