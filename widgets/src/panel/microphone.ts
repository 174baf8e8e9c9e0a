/** What the microphone hears, as a file. */
const ENDINGS: readonly (readonly [string, string])[] = [["audio/webm", "webm"], ["audio/mp4", "m4a"], ["audio/ogg", "ogg"]];
const TELL_EVERY_MS = 200;

export class Microphone {
  private readonly parts: Blob[] = [];
  private readonly begun_ms = performance.now();
  private readonly telling: ReturnType<typeof setInterval>;

  private constructor(private readonly stream: MediaStream, private readonly recorder: MediaRecorder, tell: (passed_s: number) => void) {
    recorder.ondataavailable = ({ data }) => { this.parts.push(data); };
    recorder.start();
    tell(0);
    this.telling = setInterval(() => tell((performance.now() - this.begun_ms) / 1000), TELL_EVERY_MS);
  }

  /** Begins to record; rejects where the browser or the person does not allow it. */
  static async open(tell: (passed_s: number) => void): Promise<Microphone> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return new Microphone(stream, new MediaRecorder(stream), tell);
  }

  async stop(): Promise<File> {
    const ended = new Promise((done) => { this.recorder.onstop = done; });
    this.recorder.stop();
    await ended;
    this.drop();
    const type = this.recorder.mimeType, ending = ENDINGS.find(([kind]) => type.startsWith(kind))?.[1] ?? "webm";
    return new File(this.parts, `recording.${ending}`, { type });
  }

  /** Lets the microphone go; what was heard is forgotten unless `stop` has taken it. */
  drop(): void {
    clearInterval(this.telling);
    for (const track of this.stream.getTracks()) track.stop();
  }
}
