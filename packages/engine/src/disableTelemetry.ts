/**
 * Keeps the native ONNX Runtime from reporting to its maker, which it does by default since version 1.29 on Linux and macOS: names and hashes of
 * models, path of the program, an identifier that it leaves in the home folder. It reads the variable once, when it starts: to be called before
 * it is loaded, in the main thread, whose variables alone are those of the process. A value that the user has set stays.
 */
export function disableTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1'
}
