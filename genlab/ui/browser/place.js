// Where the pictures of a page stand together. What a hand changes in one of them, all follow at once.

/** Those of the page that is seen, by its name.
 * @type {Map<string, Place>} */
const places = new Map();

export class Place {
  /** @type {Map<any, () => void>} */
  followers = new Map();

  /** Says that it is let go: what Python is to know is told then, by the picture that takes this upon itself.
   * @type {() => void} */
  settle = () => {};

  /** The place of a page, which its first picture begins with; `follow` is called whenever it is another one.
   * @template {Place} T
   * @this {new () => T}
   * @param {string} page
   * @param {any} begin
   * @param {any} picture
   * @param {() => void} follow
   * @returns {T} */
  static of(page, begin, picture, follow) {
    const place = /** @type {T} */ (places.get(page) ?? Object.assign(new this(), begin));
    places.set(page, place);
    place.followers.set(picture, follow);
    return place;
  }

  /** @param {any} values */
  set(values) {
    Object.assign(this, values);
    for (const follow of this.followers.values()) follow();
  }

  /** A picture has gone; with the last one the place is forgotten, and Python says where it was. */
  leave(picture) {
    this.followers.delete(picture);
    for (const [page, place] of places) if (place === this && !this.followers.size) places.delete(page);
  }
}
