/* Pictures on their way to a canvas: from the bytes of a file to pixels, by the shortest way that a browser has. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const AS_IT_IS = { colorSpaceConversion: "none" };
  const BITMAP = { ...AS_IT_IS, premultiplyAlpha: "none" };
  const PIXELS = { format: "RGBA" };

  /* Decodes pictures, one after the other, and keeps the memory of one for the next. */
  class Decoder {
    constructor() {
      this.spare = null;
    }

    /* What of a file, of a type as in image/jpeg, can be drawn: `width`, `height`, `draw(context)`, once. */
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
      const draw = (context) => {
        context.putImageData(pixels, 0, 0);
        this.spare = pixels;
      };
      return { width, height, draw };
    }

    async bitmap(file, type) {
      return drawable(await createImageBitmap(new Blob([file], { type }), BITMAP));
    }
  }

  function drawable(bitmap) {
    const draw = (context) => {
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
    };
    return { width: bitmap.width, height: bitmap.height, draw };
  }

  apvweb.Decoder = Decoder;
})();
