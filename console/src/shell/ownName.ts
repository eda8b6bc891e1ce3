/** Fields that say who acts or consents: behind a log-on nobody types either. */

import type { Action } from "svelte/action";

function late(kind: "acts" | "consents"): Action<HTMLInputElement> {
  return (field) => {
    let isGone = false;
    let letGo = (): void => undefined;
    // Without the net the field is typed, and the server says whose it is.
    void import("./nameFields.svelte").then(
      ({ keep }) => {
        if (!isGone) letGo = keep(kind, field);
      },
      () => undefined,
    );
    return {
      destroy() {
        isGone = true;
        letGo();
      },
    };
  };
}

/** Who acts is who is logged on; through an open door the field is typed as ever. */
export const ownName = late("acts");

/** Who consents says so in its own role, at its own page: at a seat nobody types its name. */
export const approver = late("consents");
