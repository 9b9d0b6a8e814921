/** The fake devices of the browser: a moving picture and a beep. */
export const capture = (width = 320, height = 180, frameRate = 10): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate } });
