// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// node tests/coverage.mjs BUILD_DIR: line and branch coverage of app/, from what gcov knows after a run of the tests.
// Branches that only an exception would take are left out: no exception crosses a function here.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

const build = path.resolve(process.argv[2] ?? "build/coverage");
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const app = path.join(root, "app") + path.sep;

const dataFiles = readdirSync(build, { recursive: true })
  .filter((name) => name.endsWith(".gcda"))
  .map((name) => path.join(build, name));
if (dataFiles.length === 0) {
  console.error("No coverage data: no test ran in " + build);
  process.exit(1);
}

/** file → line → { count, branches: [count] }; a line that several programs compiled is reached if one reached it. */
const files = new Map();

function merge(name, line) {
  const lines = files.get(name) ?? files.set(name, new Map()).get(name);
  const seen = lines.get(line.line_number) ?? { count: 0, branches: [] };
  seen.count += line.count;
  const branches = line.branches.filter((branch) => !branch.throw);
  branches.forEach((branch, i) => {
    seen.branches[i] = (seen.branches[i] ?? 0) + branch.count;
  });
  lines.set(line.line_number, seen);
}

for (const dataFile of dataFiles) {
  const output = execFileSync("gcov", ["--json-format", "--stdout", "--branch-probabilities", dataFile], {
    cwd: path.dirname(dataFile),
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  for (const document of output.toString().split("\n").filter(Boolean)) {
    const report = JSON.parse(document);
    for (const file of report.files) {
      const name = path.resolve(report.current_working_directory, file.file);
      if (name.startsWith(app)) {
        file.lines.forEach((line) => merge(path.relative(root, name), line));
      }
    }
  }
}

function percent(part, whole) {
  return whole === 0 ? "     –" : ((100 * part) / whole).toFixed(1).padStart(5) + "%";
}

const total = { lines: 0, hit: 0, branches: 0, taken: 0 };
if (files.size === 0) {
  console.error("The tests that ran reached nothing of app/.");
  process.exit(1);
}
console.log("   lines branches  file");
for (const name of [...files.keys()].sort()) {
  const lines = [...files.get(name).values()];
  const branches = lines.flatMap((line) => line.branches);
  const hit = lines.filter((line) => line.count > 0).length;
  const taken = branches.filter((count) => count > 0).length;
  console.log(`  ${percent(hit, lines.length)}   ${percent(taken, branches.length)}  ${name}`);
  total.lines += lines.length;
  total.hit += hit;
  total.branches += branches.length;
  total.taken += taken;
}
console.log(`lines of app/: ${percent(total.hit, total.lines).trim()} (${total.hit} of ${total.lines})`);
console.log(`branches of app/: ${percent(total.taken, total.branches).trim()} (${total.taken} of ${total.branches})`);
