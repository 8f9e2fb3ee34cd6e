// Marks the section that is being read in the contents list.
const links = [...document.querySelectorAll("[data-contents] a")];
const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

const passedSections = new Set();

const mark = (changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) passedSections.add(target);
    else passedSections.delete(target);
  }
  const passed = sections.filter((section) => passedSections.has(section)).length;
  links.forEach((link, index) => {
    if (index === passed - 1) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  });
};

// All that lies above the upper third of the window, however far, so that no jump passes a heading unseen.
const observer = new IntersectionObserver(mark, { rootMargin: "1000000px 0px -70% 0px" });
for (const section of sections) if (section) observer.observe(section);
