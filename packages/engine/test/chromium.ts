import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Chromium of the system; undefined where there is none. */
export const chromiumPath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync)

/** Environment in which Vulkan is SwiftShader, the renderer in software that comes with Chromium; undefined where it is not there. */
export function softwareVulkan(): Readonly<Record<string, string>> | undefined {
  const driver = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome']
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find(existsSync)
  if (driver === undefined) return undefined
  return { LD_LIBRARY_PATH: dirname(driver), VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver }
}
