// What the scalar PortableText of schema.graphql holds, as portable_text.schema.json says it.
// See https://github.com/portabletext/portabletext

export type PortableText = PortableTextBlock[];

/** A paragraph, a heading or an item of a list. */
export type PortableTextBlock = {
  _type: 'block';
  /** Unique within the text; stays when the text is edited. */
  _key: string;
  style: 'normal' | 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
  /** The links of the block. */
  markDefs: PortableTextLink[];
  /** Its words, in order. */
  children: PortableTextSpan[];
} & (
  | { listItem?: never; level?: never }
  /** Of an item of a list: how it is marked, and how deep it is, beginning with 1. */
  | { listItem: 'bullet' | 'number'; level: number }
);

/** Words that look alike. A line feed is a line break. */
export type PortableTextSpan = {
  _type: 'span';
  _key: string;
  text: string;
  /** `strong`, `em`, and the keys of links in `markDefs`. */
  marks: string[];
};

/** Where words lead. Renderers follow `href`. */
export type PortableTextLink = {
  _type: 'link';
  /** What the marks of spans name it by. */
  _key: string;
  /** A path of the own site, or a whole address. */
  href: string;
  /** Of a link to a page or document of this CMS: which. */
  target?: PortableTextTarget;
};

export type PortableTextTarget = {
  /** For `node(id:)` and `page(id:)`. */
  id: string;
  /** Its type in schema.graphql: `ArticlePage`, `Document`. */
  type: string;
  /** Of a page: its path on its own site. Null of a document. */
  path: string | null;
};
