// Decodes placeholders of pictures as a frontend does.
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA, thumbHashToDataURL } from 'thumbhash';
import { finish, task } from './asking.mjs';

finish(
  task.placeholders.map((placeholder) => {
    const bytes = Uint8Array.from(atob(placeholder), (character) => character.charCodeAt(0));
    const { r, g, b } = thumbHashToAverageRGBA(bytes);
    return {
      average: [r, g, b].map((part) => Math.round(part * 255)),
      ratio: thumbHashToApproximateAspectRatio(bytes),
      url: thumbHashToDataURL(bytes),
    };
  }),
);
