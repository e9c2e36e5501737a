/** Steps run op by op, on whatever backend tfjs has. */
import * as tf from "@tensorflow/tfjs";
import { INPUT, type Net, statisticsOf, weightsOf } from "../nets/net.ts";
import { gradientsOf } from "./gradients.ts";
import {
  AVERAGE_MOMENTUM,
  type State,
  type StepOptions,
  type Stepper,
  velocityOf,
} from "./stepper.ts";

/** tfjs variables with the state's values, by name. */
export function variablesOf(net: Net, state: State): Record<string, tf.Variable> {
  const variable = (name: string, shape: number[]) => {
    const values = state.get(name);
    if (!values) throw new RangeError(`the state has no ${name}`);
    return [name, tf.tidy(() => tf.variable(tf.tensor(values, shape)))] as const;
  };
  return Object.fromEntries([
    ...weightsOf(net).flatMap(({ name, shape }) => [
      variable(name, shape),
      variable(velocityOf(name), shape),
    ]),
    ...statisticsOf(net).map(({ name, channels }) => variable(name, [channels])),
  ]);
}

/**
 * Batch norm's next moving average. The moment is not multiplied on its own:
 * where it is a product already, TensorFlow's graph optimizer would make one of
 * the two, and op by op must give the same bits.
 */
export function averageOf<T extends tf.Tensor>(average: T, moment: tf.Tensor): T {
  return tf.add(average, tf.mul(tf.sub(moment, average), 1 - AVERAGE_MOMENTUM));
}

export function eagerStepper(net: Net, state: State, options: StepOptions): Stepper {
  const variables = variablesOf(net, state);

  async function step(images: Float32Array, labels: Float32Array, learningRate: number) {
    const { loss, correct } = tf.tidy(() => {
      const n = labels.length / 10;
      const { gradients, moments, ...result } = gradientsOf(
        net,
        variables,
        tf.tensor4d(images, [n, ...INPUT]),
        tf.tensor2d(labels, [n, 10]),
        options,
      );
      for (const [name, gradient] of Object.entries(gradients)) {
        const velocity = variables[velocityOf(name)] as tf.Variable;
        const weight = variables[name] as tf.Variable;
        velocity.assign(tf.add(tf.mul(velocity, options.momentum), gradient));
        weight.assign(tf.sub(weight, tf.mul(velocity, learningRate)));
      }
      for (const [name, moment] of Object.entries(moments)) {
        const average = variables[name] as tf.Variable;
        average.assign(averageOf(average, moment));
        moment.dispose(); // kept against the tape's tidy
      }
      return result;
    });
    const numbers = {
      loss: (await loss.data())[0] as number,
      correct: (await correct.data())[0] as number,
    };
    tf.dispose([loss, correct]);
    return numbers;
  }

  async function read(): Promise<State> {
    const out: State = new Map();
    for (const [name, variable] of Object.entries(variables)) {
      out.set(name, new Float32Array(await variable.data()));
    }
    return out;
  }

  return { step, read, dispose: () => tf.dispose(Object.values(variables)) };
}
