/** Numbers as the reader writes them, the same in the interface and in the picture. */

/** The person's own variant of a language (en-IE, de-CH), as far as the browser names one. */
export function localeOf(language: string, preferred: readonly string[] = navigator.languages): string {
  return preferred.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

/** A price from its minor unit: 4200 EUR is 42 euros, 4200 JPY is 4200 yen. */
export function priceIn(locale: string, minor: number, currency: string): string {
  try {
    const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
    const format = new Intl.NumberFormat(locale, style);
    const value = minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
    if (!Number.isInteger(value)) return format.format(value);
    return new Intl.NumberFormat(locale, { ...style, maximumFractionDigits: 0 }).format(value);
  } catch {
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(minor / 100)} ${currency}`;
  }
}
