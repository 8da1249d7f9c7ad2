// A text area that takes a dropped file.

/**
 * @param {HTMLTextAreaElement} textarea
 * @param {string[]} classes while a file is held over it
 * @param {(file: File) => void} take
 */
export function takeDrops(textarea, classes, take) {
  const mark = (isOver) => {
    for (const name of classes) {
      textarea.classList.toggle(name, isOver);
    }
  };
  for (const name of ["dragenter", "dragover"]) {
    textarea.addEventListener(name, (event) => {
      if (event.dataTransfer.types.includes("Files")) {
        event.preventDefault();
        mark(true);
      }
    });
  }
  textarea.addEventListener("dragleave", () => mark(false));
  textarea.addEventListener("drop", (event) => {
    mark(false);
    const [file] = event.dataTransfer.files;
    if (file) {
      event.preventDefault();
      take(file);
    }
  });
}
