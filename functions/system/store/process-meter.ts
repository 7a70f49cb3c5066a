import { GCProfiler } from 'node:v8';
import type { ProcessMeter } from '../ports.ts';

/**
 * Figures of this process from now on. Node counts no allocations, so they are what the heap holds and what collections have freed: the profiler notes
 * both sides of each (4 KB of notes a collection, dropped at each reading).
 */
export function createProcessMeter(): ProcessMeter {
  let profiler = new GCProfiler();
  let collections = 0;
  let freed = 0;
  profiler.start();
  return {
    read() {
      for (const { beforeGC, afterGC } of profiler.stop()?.statistics ?? []) {
        collections += 1;
        freed += Math.max(0, beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize);
      }
      profiler = new GCProfiler();
      profiler.start();
      const { heapUsed, rss } = process.memoryUsage();
      return {
        uptimeSeconds: process.uptime(),
        heapUsed,
        allocated: heapUsed + freed,
        resident: rss,
        collections,
        resources: process.getActiveResourcesInfo().length,
      };
    },
  };
}
