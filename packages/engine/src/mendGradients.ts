export function mendGradients(): void {}
