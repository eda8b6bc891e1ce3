/** A picture made small and plain: drawn anew, so that no place, time or camera hides in it. */

import { newKey } from "../../api/client";
import type { Taken } from "./photoQueue";

const MAX_SIDE_PX = 2048;
const QUALITY = 0.85;

/** Throws where the file is no picture, or the page is not served by HTTPS. */
export async function takePhoto(file: Blob, orderId: string, takenAtMs: number): Promise<Taken> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", QUALITY),
  );
  if (!blob) throw new Error("no picture");
  const bytes = await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { id: newKey(), orderId, bytes, sha256, kind: "image/jpeg", takenAtMs };
}
