// Asking the server; an answer that says no becomes an Error with the server's own words.

export async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    const refused = body as { error?: string; field?: string } | null;
    throw new Error(refused?.error ?? `HTTP ${answer.status}`);
  }
  return body as T;
}
