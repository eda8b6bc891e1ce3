import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PIECE_BYTES, PhotoQueue, type Photo } from "../src/pages/patrol/photoQueue";

const SIZE = 3 * PIECE_BYTES + 5;
let unit = 0;
let there: Record<string, number> = {};
let refusing = "";
let shown: Photo[] = [];
let writes = 0;

/** The desk's side of an upload: how many bytes are there. */
async function desk(path: string, init: RequestInit): Promise<Response> {
  if (refusing) {
    const body = { code: refusing, reason_zh: "没有在办的派警单", reason_en: "no such order" };
    return new Response(JSON.stringify(body), { status: refusing === "down" ? 503 : 409 });
  }
  const id = path.split("/")[3] ?? (JSON.parse(init.body as string) as { photo_id: string }).photo_id;
  const sent = init.method === "PATCH" ? (init.body as ArrayBuffer).byteLength : 0;
  there[id] = (there[id] ?? 0) + sent;
  return new Response(JSON.stringify({ n_here: there[id] }));
}

async function open(): Promise<PhotoQueue> {
  const viewer = { role: "crew", seat: "", unit: "P1" };
  return await PhotoQueue.open(
    `P${unit}`,
    viewer,
    (photos) => (shown = photos),
    (error) => error.reason_zh,
  );
}

const taken = (id: string) => ({
  id,
  orderId: "J1-1",
  bytes: new ArrayBuffer(SIZE),
  sha256: "0".repeat(64),
  kind: "image/jpeg" as const,
  takenAtMs: 1,
});

beforeEach(() => {
  unit += 1;
  [there, refusing, shown, writes] = [{}, "", [], 0];
  vi.stubGlobal("fetch", desk);
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
    key?: IDBValidKey,
  ) {
    writes += 1;
    return put.call(this, value, key);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a photo is written once, whatever the number of its pieces", async () => {
  const queue = await open();
  await queue.add(taken("photo-one"));
  await vi.waitFor(() => expect(shown).toEqual([]));
  expect(there["photo-one"]).toBe(SIZE);
  expect(writes).toBe(0);
});

test("a refused photo says why, also after a reload, and is sent when it is asked for again", async () => {
  refusing = "not_found";
  const queue = await open();
  await queue.add(taken("photo-two"));
  await vi.waitFor(() => expect(shown[0]?.refusal).toBe("没有在办的派警单"));
  queue.close();
  const again = await open();
  expect(shown[0]?.refusal).toBe("没有在办的派警单");
  expect((await again.picture(shown[0]?.n ?? 0))?.size).toBe(SIZE);
  await again.flush();
  expect(there).toEqual({});
  refusing = "";
  await again.retry(shown[0]?.n ?? 0);
  expect(shown).toEqual([]);
  expect(there["photo-two"]).toBe(SIZE);
});

test("a refused photo can be thrown away, and holds up no other", async () => {
  refusing = "not_found";
  const queue = await open();
  await queue.add(taken("photo-three"));
  await vi.waitFor(() => expect(shown[0]?.refusal).toBeTruthy());
  refusing = "";
  await queue.add(taken("photo-four"));
  await vi.waitFor(() => expect(shown).toHaveLength(1));
  expect(there["photo-four"]).toBe(SIZE);
  await queue.remove(shown[0]?.n ?? 0);
  expect(shown).toEqual([]);
});

test("without an answer a photo waits; one that never arrives as it was sent is given up", async () => {
  refusing = "down";
  const queue = await open();
  await queue.add(taken("photo-five"));
  await queue.flush();
  expect(shown[0]?.refusal).toBe("");
  refusing = "hash_mismatch";
  await vi.waitFor(async () => {
    await queue.flush();
    expect(shown[0]?.refusal).toBe("没有在办的派警单");
  });
});
