/** What 派警席 opens later, fetched while the server is there to give it. */

export const parts: (() => Promise<unknown>)[] = [
  () => import("./OrderList.svelte"),
  () => import("./RequestList.svelte"),
  () => import("./SendActions.svelte"),
  () => import("./MoreActions.svelte"),
  () => import("./Diversions.svelte"),
  () => import("./panels/Panels.svelte"),
  () => import("./SendForm.svelte"),
  () => import("../../parts/PhotoList.svelte"),
  () => import("../../parts/PhotoView.svelte"),
  () => import("./KeysCard.svelte"),
  () => import("./UnitCard.svelte"),
  () => import("./CircleCard.svelte"),
  () => import("./RoadCard.svelte"),
  () => import("./RoadDraw.svelte"),
  () => import("./RoadForm.svelte"),
  () => import("./MoveUpList.svelte"),
  () => import("./HandOver.svelte"),
  () => import("../../shell/SeatDialog.svelte"),
];
