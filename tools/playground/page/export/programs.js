// The network on the screen, as the users of each framework write it.
import { jaxProgram } from "./jax.js";
import { kerasProgram } from "./keras.js";
import { netProgram } from "./net.js";
import { numpyProgram } from "./numpy.js";
import { pytensorProgram } from "./pytensor.js";
import { tensorflowProgram } from "./tensorflow.js";
import { torchProgram } from "./torch.js";

// name: its title, and recipe → lines of a program
export const PROGRAMS = {
  torch: ["PyTorch", torchProgram],
  keras: ["Keras", kerasProgram],
  tensorflow: ["TensorFlow", tensorflowProgram],
  jax: ["JAX", jaxProgram],
  pytensor: ["PyTensor", pytensorProgram],
  numpy: ["NumPy, by hand", numpyProgram],
  net: ["Net(…) of this course", netProgram],
};

export const programOf = (name, recipe) => `${PROGRAMS[name][1](recipe).join("\n")}\n`;
