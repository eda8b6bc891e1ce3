/** What 接警席 opens later, fetched while the server is there to give it: the form of a call first. */

export const parts: (() => Promise<unknown>)[] = [
  () => import("./CallDesk.svelte"),
  () => import("./HistoryCard.svelte"),
  () => import("./EndForm.svelte"),
  () => import("../../parts/PhotoList.svelte"),
  () => import("../../parts/PhotoView.svelte"),
  () => import("./PremiseForm.svelte"),
  () => import("./TransferPanel.svelte"),
  () => import("./PartiesPanel.svelte"),
  () => import("./SilentPanel.svelte"),
  () => import("./TextsPanel.svelte"),
  () => import("./GuardPanel.svelte"),
  () => import("../../shell/SeatDialog.svelte"),
];
