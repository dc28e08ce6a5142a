// Draws texts as a frontend does that leaves it to the renderer.
import { toHTML } from '@portabletext/to-html';
import { finish, task } from './asking.mjs';

finish(task.texts.map((text) => toHTML(text)));
