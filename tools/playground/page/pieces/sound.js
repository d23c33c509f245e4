// A loss to listen to: a tune, and noise that drowns it when the frequency is wrong. It starts only
// after a click, as browsers demand and a class prefers.

const TUNE = [392, 440, 494, 587, 494, 440]; // Hz
const NOTE = 0.28; // seconds

export class Sound {
  start() {
    const context = (this.context ??= new AudioContext());
    context.resume();
    if (this.noise) return;
    const rate = context.sampleRate;
    const buffer = context.createBuffer(1, rate, rate);
    const samples = buffer.getChannelData(0);
    // Not Math.random: whatever is drawn here only has to hiss.
    let state = 1;
    for (let i = 0; i < samples.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      samples[i] = state / 2 ** 31 - 1;
    }
    const noise = new AudioBufferSourceNode(context, { buffer, loop: true });
    const voice = new OscillatorNode(context, { type: "triangle" });
    this.noise = new GainNode(context, { gain: 0 });
    this.tune = new GainNode(context, { gain: 0 });
    this.all = new GainNode(context, { gain: 0 });
    noise.connect(this.noise).connect(this.all);
    voice.connect(this.tune).connect(this.all);
    this.all.connect(context.destination);
    noise.start();
    voice.start();
    let note = 0;
    this.timer = setInterval(() => {
      voice.frequency.setTargetAtTime(TUNE[note++ % TUNE.length], context.currentTime, 0.02);
    }, NOTE * 1000);
  }

  stop() {
    clearInterval(this.timer);
    this.context?.close();
    this.context = this.noise = undefined;
  }

  // volume: 0 to 10; off: how far the frequency is from the station's
  play(volume, off) {
    if (!this.noise) return;
    const now = this.context.currentTime;
    const clear = Math.exp(-off * off);
    this.all.gain.setTargetAtTime(0.25 * (volume / 10) ** 1.5, now, 0.05);
    this.tune.gain.setTargetAtTime(clear, now, 0.05);
    this.noise.gain.setTargetAtTime(0.6 * (1 - clear), now, 0.05);
  }
}
