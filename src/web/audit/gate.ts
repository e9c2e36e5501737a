/** What a person holds and opens while an audit runs. */
export interface Gate {
  /** Waits for as long as it is held. */
  passed(): Promise<void>;
  hold(): void;
  open(): void;
}

export function createGate(): Gate {
  let closed: Promise<void> | undefined;
  let release = () => {};
  return {
    passed: async () => await closed,
    hold() {
      closed ??= new Promise((resolve) => {
        release = resolve;
      });
    },
    open() {
      release();
      closed = undefined;
    },
  };
}
