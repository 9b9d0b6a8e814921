import { vi } from 'vitest';

// Installed once for a file and before anything else: zone.js patches the timers that it finds.
vi.useFakeTimers({ now: 0 });
