// Takes the place of the theme's own: the switch of languages leads to the same page in the other language, or to its front page where the
// page exists in one language alone.
import { useData } from 'vitepress';
import { computed } from 'vue';

export function useLangs({ correspondingLink = false } = {}) {
  const { site, localeIndex, page, theme, hash } = useData();
  const homeOf = (key) => site.value.locales[key]?.link ?? (key === 'root' ? '/' : `/${key}/`);
  const currentLang = computed(() => ({ label: site.value.locales[localeIndex.value]?.label, link: homeOf(localeIndex.value) }));
  const localeLinks = computed(() => {
    const path = page.value.relativePath.slice(currentLang.value.link.length - 1).replace(/\.md$/, '');
    const isTranslated = correspondingLink && theme.value.translated.includes(path);
    return Object.entries(site.value.locales)
      .filter(([key]) => key !== localeIndex.value)
      .map(([key, { label }]) => ({
        text: label,
        link: isTranslated && path !== 'index' ? `${homeOf(key)}${path}.html${hash.value}` : homeOf(key),
      }));
  });
  return { localeLinks, currentLang };
}
