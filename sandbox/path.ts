import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The full path of the program called `name` on the PATH; undefined when there is none that we may run. */
export async function which(name: string, path: string = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter(Boolean)) {
    const candidate = join(directory, name);
    if (await isRunnable(candidate)) return candidate;
  }
  return undefined;
}

/** Whether there is something at `path` that this user may execute. */
export async function isRunnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
