/* Pictures on their way to a canvas: from the bytes of a file to pixels, by the shortest way that a browser has; and
   how fine the screen is that shows them. Pages of the web client and of notebooks have it alike. */
(function () {
  "use strict";

  const AS_IT_IS = { colorSpaceConversion: "none" };
  const BITMAP = { ...AS_IT_IS, premultiplyAlpha: "none" };
  const PIXELS = { format: "RGBA" };

  /* Decodes pictures, one after the other, and keeps the memory of one for the next. */
  class Decoder {
    constructor() {
      this.spare = null;
    }

    /* What of a file, of a type as in image/jpeg, can be drawn: `width`, `height`, `draw(context)` as often as is
       wanted, and `close()`, after which it can be drawn no more. */
    async decode(file, type) {
      return type === "image/jpeg" && window.ImageDecoder ? this.frame(file, type) : this.bitmap(file, type);
    }

    /* The way of videos: without a blob, which goes through other processes, and in the colors of the file. */
    async frame(file, type) {
      const decoder = new ImageDecoder({ data: file, type, ...AS_IT_IS });
      try {
        const { image } = await decoder.decode();
        try {
          return await this.pixels(image);
        } finally {
          image.close();
        }
      } finally {
        decoder.close();
      }
    }

    async pixels(frame) {
      const { width, height } = frame.visibleRect;
      /* Browsers that cannot convert ignore what they are asked for, and would copy planes. */
      if (frame.allocationSize(PIXELS) !== 4 * width * height) return drawable(await createImageBitmap(frame, BITMAP));
      const spare = this.spare;
      this.spare = null;
      const pixels = spare && spare.width === width && spare.height === height ? spare : new ImageData(width, height);
      await frame.copyTo(pixels.data, PIXELS);
      const draw = (context) => context.putImageData(pixels, 0, 0);
      const close = () => (this.spare = pixels);
      return { width, height, draw, close };
    }

    async bitmap(file, type) {
      return drawable(await createImageBitmap(new Blob([file], { type }), BITMAP));
    }
  }

  function drawable(bitmap) {
    const draw = (context) => context.drawImage(bitmap, 0, 0);
    return { width: bitmap.width, height: bitmap.height, draw, close: () => bitmap.close() };
  }

  /* How many pixels of the screen a CSS pixel has. */
  function pixelRatio() {
    return window.devicePixelRatio || 1;
  }

  /* Have `changed()` called when that is another: the page is zoomed, or its window on another screen. Calling what is
     returned ends it. */
  function watchPixelRatio(changed) {
    let media;
    const follow = () => {
      media = window.matchMedia(`(resolution: ${pixelRatio()}dppx)`);
      media.addEventListener("change", heard, { once: true });
    };
    const heard = () => {
      follow();
      changed();
    };
    follow();
    return () => media.removeEventListener("change", heard);
  }

  window.asyncParaView = { Decoder, pixelRatio, watchPixelRatio };
})();
