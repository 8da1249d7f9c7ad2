//! Where something was said: in which file and line, or with which argument.

use crate::document::Document;
use crate::mistake::Mistake;

/// What the configuration came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The configuration file.
    pub(crate) configuration: Document,
    /// The metadata file.
    pub(crate) metadata: Document,
    /// Each `-s` in order: its name, and the path where its value went.
    pub(crate) arguments: Vec<(String, Vec<String>)>,
    /// The paths of what moved from the metadata to the configuration.
    pub(crate) moved: Vec<Vec<String>>,
}

impl Origin {
    /// `FILE:LINE` or `-s NAME` of what stands under these keys in the merged configuration.
    pub fn of(&self, path: &[&str]) -> Option<String> {
        let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
        self.place_of(&path)
    }

    /// The whole message about something in the merged configuration.
    pub(crate) fn in_configuration(&self, mistake: &Mistake) -> String {
        mistake.told_at(self.place_of(mistake.path()).as_deref())
    }

    /// The whole message about something in the metadata file.
    pub(crate) fn in_metadata(&self, mistake: &Mistake) -> String {
        let line = self.metadata.line_of(mistake.path());
        mistake.told_at(line.map(|(_, place)| place).as_deref())
    }

    fn place_of(&self, path: &[String]) -> Option<String> {
        let holds = |said: &[String]| path.starts_with(said);
        if self.moved.iter().any(|moved| holds(moved)) {
            return self.metadata.line_of(path).map(|(_, place)| place);
        }
        // What a later argument says replaces what an earlier one or the file said.
        let said = |(name, _): &(String, Vec<String>)| format!("-s {name}");
        let mut arguments = self.arguments.iter().rev();
        if let Some(argument) = arguments.clone().find(|(_, said)| holds(said)) {
            return Some(said(argument));
        }
        let in_file = self.configuration.line_of(path);
        if let Some((steps, place)) = &in_file
            && *steps == path.len()
        {
            return Some(place.clone());
        }
        if let Some(argument) = arguments.find(|(_, said)| said.starts_with(path)) {
            return Some(said(argument));
        }
        in_file.map(|(_, place)| place)
    }
}
