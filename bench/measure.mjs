import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

/**
 * One command to be timed.
 * @typedef {{ name: string, argv: readonly string[], cwd?: string, before?: () => void, expect?: RegExp }} Command
 * @typedef {{ name: string, median: number, fastest: number }} Timing milliseconds
 */

/**
 * Times whole processes, from before Node starts until it has exited. The commands take turns, so that whatever else the
 * machine is doing slows all of them alike; one round more than asked for is run first and not counted.
 *
 * @param {readonly Command[]} commands
 * @param {number} rounds
 * @returns {Timing[]} in the order of the commands
 * @throws when a command fails, or does not print what it should: a run that did nothing is no measurement
 */
export function measure(commands, rounds) {
  const times = commands.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, command] of commands.entries()) {
      command.before?.();
      const time = run(command);
      if (round > 0) times[index].push(time);
    }
  }
  return commands.map(({ name }, index) => {
    const sorted = times[index].sort((a, b) => a - b);
    return { name, median: median(sorted), fastest: sorted[0] };
  });
}

function run({ name, argv, cwd, expect }) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", CI: "1" },
  });
  const time = performance.now() - start;
  if (status !== 0 || (expect !== undefined && !expect.test(stdout))) {
    throw new Error(`${name} exited with ${status}:\n${stdout}${stderr}`);
  }
  return time;
}

function median(sorted) {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
