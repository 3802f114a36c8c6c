// Holds a whole browser (every process and thread of it) to a part of one core. The throttle of the developer
// tools slows the page's own thread alone; the replica works in another.
//
// Where control groups can be written (root), the kernel keeps the budget: `cpu.max`, or with version 1
// `cpu.cfs_quota_us`. Elsewhere all of the browser's processes are stopped and continued in turn, on one core if
// `taskset` is there: coarser, and a little harder than it says.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Short, so that a busy moment is slow all along rather than quick at first and then still. */
const PERIOD_US = 20_000;

const tried = (work) => { try { return work(); } catch { return undefined; } };

function makeGroup() {
  const name = `huikuan-bench-${process.pid}`;
  const version1 = '/sys/fs/cgroup/cpu';
  if (fs.existsSync(path.join(version1, 'cpu.cfs_quota_us')) || fs.existsSync(path.join(version1, 'cgroup.procs'))) {
    const folder = path.join(version1, name);
    return tried(() => {
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
      return { folder, set: (quota_us) => fs.writeFileSync(path.join(folder, 'cpu.cfs_quota_us'), String(quota_us ?? -1)) };
    });
  }
  const folder = path.join('/sys/fs/cgroup', name);
  return tried(() => {
    fs.writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+cpu');
    fs.mkdirSync(folder);
    fs.accessSync(path.join(folder, 'cpu.max'), fs.constants.W_OK);
    return { folder, set: (quota_us) => fs.writeFileSync(path.join(folder, 'cpu.max'), `${quota_us ?? 'max'} ${PERIOD_US}`) };
  });
}

export class Throttle {
  /** `chromium`: the real program. Start the browser by `executable`, then what is set holds for it. */
  constructor(chromium) {
    this.scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'huikuan-throttle-'));
    this.executable = path.join(this.scratch, 'chromium');
    this.group = makeGroup();
    this.how = this.group ? 'control group' : 'stop and continue';
    const onOneCore = !this.group && tried(() => execFileSync('taskset', ['-V'])) ? 'taskset -c 0 ' : '';
    const join = this.group ? `echo $$ > '${this.group.folder}/cgroup.procs'\n` : '';
    fs.writeFileSync(this.executable, `#!/bin/sh\n${join}exec ${onOneCore}'${chromium}' "$@"\n`, { mode: 0o755 });
  }

  /** From now on all of it together gets this part of a core; nothing lifts the limit. */
  limit(part) {
    clearTimeout(this.timer);
    if (this.group) return this.group.set(part ? Math.round(PERIOD_US * part) : undefined);
    this.#signal('SIGCONT');
    if (part) this.#run(part);
    return undefined;
  }

  #run(part) {
    this.#signal('SIGCONT');
    this.timer = setTimeout(() => {
      this.#signal('SIGSTOP');
      this.timer = setTimeout(() => this.#run(part), (PERIOD_US / 1_000) * (1 - part));
    }, (PERIOD_US / 1_000) * part);
  }

  #signal(signal) {
    for (const pid of this.#processes()) tried(() => process.kill(pid, signal));
  }

  /** The browser's processes: those started with the profile, and their descendants. */
  #processes() {
    if (!this.profile) return [];
    const parents = new Map();
    const found = new Set();
    for (const name of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = tried(() => fs.readFileSync(`/proc/${name}/stat`, 'utf8'));
      if (!stat) continue;
      const pid = Number(name);
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      const line = tried(() => fs.readFileSync(`/proc/${name}/cmdline`, 'utf8')) ?? '';
      if (line.includes(`--user-data-dir=${this.profile}`)) found.add(pid);
    }
    for (let size = -1; size !== found.size;) {
      size = found.size;
      for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
    }
    return found;
  }

  /** Where the browser's processes are known by (needed without control groups only). */
  watch(profile) { this.profile = profile; }

  dispose() {
    this.limit();
    fs.rmSync(this.scratch, { recursive: true, force: true });
    if (this.group) tried(() => fs.rmdirSync(this.group.folder));
  }
}
