const waiting: (() => void)[] = [];

/** What pages wait for, until another request opens it. */
export const gate = {
  wait: () => new Promise<void>((resolve) => waiting.push(resolve)),
  open: () => {
    for (const goOn of waiting.splice(0)) goOn();
  },
};
