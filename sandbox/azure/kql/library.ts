import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const SCRIPTS = ['bridge.min.js', 'Kusto.Language.Bridge.min.js'];

/**
 * Microsoft's KQL language service: the globals that its two scripts define. Loaded on first use: half a second that a
 * process without queries need not pay.
 *
 * It reads its globals a million times for each query, which takes five times as long where they are those of a sandboxed
 * context, as test runners make one for each file. So it runs in the context of the process itself, once.
 */
export function languageService(): { readonly Kusto: unknown; readonly Bridge: unknown } {
  const { runInThisContext } = process.getBuiltinModule('node:vm');
  const globals = runInThisContext('globalThis') as { readonly Kusto?: unknown; readonly Bridge?: unknown };
  if (globals.Kusto === undefined) {
    for (const script of SCRIPTS) {
      const filename = require.resolve(`@kusto/language-service-next/${script}`);
      runInThisContext(readFileSync(filename, 'utf8'), { filename });
    }
  }
  return { Kusto: globals.Kusto, Bridge: globals.Bridge };
}
