/** Namespace of the demo that the lab's challenges break; its pods answer with their names. */
export const SHOP_NAMESPACE = 'shop';
