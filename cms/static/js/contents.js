// Marks the section that is being read in the contents list.
const links = [...document.querySelectorAll("[data-contents] a")];
const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

const mark = () => {
  const line = innerHeight * 0.3;
  const passed = sections.filter((section) => section && section.getBoundingClientRect().top <= line).length;
  links.forEach((link, index) => {
    if (index === passed - 1) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  });
};

const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px" });
for (const section of sections) if (section) observer.observe(section);
