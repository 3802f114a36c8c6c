// Closes the run with one plain line: `e2e: N passed, N failed`.
export default class PlainReporter {
  onBegin(_config, suite) { this.suite = suite; }

  onEnd() {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      counts[outcome === 'skipped' ? 'skipped' : outcome === 'unexpected' ? 'failed' : 'passed'] += 1;
    }
    const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
    console.log(`e2e: ${counts.passed} passed, ${counts.failed} failed${skipped}`);
  }

  printsToStdio() { return true; }
}
