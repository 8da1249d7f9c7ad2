//! What `gcloud` is asked for, in words.

use serde::Deserialize;

use super::call::Call;
use crate::failure::Failure;

/// The registry that stores the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Registry<'a> {
    /// The project it belongs to.
    pub(super) project: &'a str,
    /// A region, a multi-region, or a host.
    pub(super) region: &'a str,
    /// The repository.
    pub(super) repository: &'a str,
}

/// How much an instance gets, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Instances<'a> {
    /// Memory.
    pub(super) memory: Option<&'a str>,
    /// Virtual processors.
    pub(super) cpu: Option<&'a str>,
    /// At most so many.
    pub(super) most: i64,
    /// At least so many.
    pub(super) least: Option<i64>,
}

/// A service that runs already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// Its name.
    pub(super) name: String,
    /// When it was made, as `gcloud` says it.
    pub(super) created: String,
    /// Where it is.
    pub(super) url: String,
}

/// Which project is active.
pub(super) fn active_project() -> Call {
    Call::new("gcloud", ["config", "get-value", "project"])
}

/// Which services there are.
pub(super) fn services() -> Call {
    Call::new(
        "gcloud",
        [
            "run",
            "services",
            "list",
            "--platform=managed",
            "--format",
            "json",
        ],
    )
}

impl Registry<'_> {
    /// Lets the project have registries.
    pub(super) fn enable(&self) -> Call {
        Call::new(
            "gcloud",
            [
                "services",
                "enable",
                "artifactregistry.googleapis.com",
                "--project",
                self.project,
                "--quiet",
            ],
        )
    }

    /// Whether the repository is there.
    pub(super) fn describe(&self) -> Call {
        Call::new(
            "gcloud",
            [
                "artifacts",
                "repositories",
                "describe",
                self.repository,
                "--project",
                self.project,
                "--location",
                self.region,
                "--quiet",
            ],
        )
    }

    /// Makes the repository.
    pub(super) fn create(&self) -> Call {
        Call::new(
            "gcloud",
            [
                "artifacts",
                "repositories",
                "create",
                self.repository,
                "--repository-format=docker",
                "--location",
                self.region,
                "--project",
                self.project,
                "--description",
                "Datasette Cloud Run images",
                "--quiet",
            ],
        )
    }

    /// The name of the image of a service (PUB-45).
    pub(super) fn image(&self, service: &str) -> String {
        const DOMAIN: &str = "-docker.pkg.dev";
        let domain = if self.region.ends_with(DOMAIN) {
            ""
        } else {
            DOMAIN
        };
        format!(
            "{}{domain}/{}/{}/datasette-{service}",
            self.region, self.project, self.repository
        )
    }
}

/// Builds the image in the folder it is called in. A time of 0 is no limit.
pub(super) fn build(image: &str, timeout: Option<i64>) -> Call {
    let timeout = timeout.filter(|timeout| *timeout != 0);
    let timeout = timeout.map(|timeout| timeout.to_string());
    Call::new("gcloud", ["builds", "submit", "--tag", image])
        .with_option("--timeout", timeout.as_deref())
}

/// Runs the image.
pub(super) fn deploy(image: &str, service: &str, instances: Instances<'_>) -> Call {
    let most = instances.most.to_string();
    let least = instances.least.map(|least| least.to_string());
    Call::new(
        "gcloud",
        [
            "run",
            "deploy",
            "--allow-unauthenticated",
            "--platform=managed",
            "--image",
            image,
            service,
        ],
    )
    .with_option("--memory", instances.memory)
    .with_option("--cpu", instances.cpu)
    .with_option("--max-instances", Some(&most))
    .with_option("--min-instances", least.as_deref())
}

/// The services that have a URL.
///
/// # Errors
/// The answer is not what `gcloud` answers.
pub(super) fn services_with_url(answer: &str) -> Result<Vec<Service>, Failure> {
    #[derive(Deserialize)]
    struct Item {
        metadata: Metadata,
        #[serde(default)]
        status: Status,
    }
    #[derive(Deserialize)]
    struct Metadata {
        name: String,
        #[serde(rename = "creationTimestamp", default)]
        created: String,
    }
    #[derive(Default, Deserialize)]
    struct Status {
        url: Option<String>,
        address: Option<Address>,
    }
    #[derive(Deserialize)]
    struct Address {
        url: Option<String>,
    }
    let items: Vec<Item> = serde_json::from_str(answer).map_err(|error| {
        Failure::error(format!(
            "gcloud run services list answered what cannot be understood: {error}"
        ))
    })?;
    let services = items.into_iter().filter_map(|item| {
        let url = item.status.url?;
        let address = item.status.address.and_then(|address| address.url);
        Some(Service {
            name: item.metadata.name,
            created: item.metadata.created,
            url: address.unwrap_or(url),
        })
    });
    Ok(services.collect())
}

#[cfg(test)]
mod tests {
    use super::super::quote::shell_line;
    use super::*;

    fn line(call: &Call) -> String {
        let words = call.arguments.iter().map(String::as_str);
        format!("{} {}", call.program, shell_line(words))
    }

    const REGISTRY: Registry<'static> = Registry {
        project: "P",
        region: "us",
        repository: "datasette",
    };

    // Proves: PUB-43
    #[test]
    fn the_words_of_each_call() {
        for (call, expected) in [
            (active_project(), "gcloud config get-value project"),
            (
                REGISTRY.enable(),
                "gcloud services enable artifactregistry.googleapis.com --project P --quiet",
            ),
            (
                REGISTRY.describe(),
                "gcloud artifacts repositories describe datasette --project P --location us --quiet",
            ),
            (
                REGISTRY.create(),
                "gcloud artifacts repositories create datasette --repository-format=docker \
                 --location us --project P --description 'Datasette Cloud Run images' --quiet",
            ),
            (
                services(),
                "gcloud run services list --platform=managed --format json",
            ),
            (build("I", None), "gcloud builds submit --tag I"),
            (build("I", Some(0)), "gcloud builds submit --tag I"),
            (
                build("I", Some(60)),
                "gcloud builds submit --tag I --timeout 60",
            ),
            (
                deploy(
                    "I",
                    "S",
                    Instances {
                        most: 1,
                        ..Instances::default()
                    },
                ),
                "gcloud run deploy --allow-unauthenticated --platform=managed --image I S \
                 --max-instances 1",
            ),
            (
                deploy(
                    "I",
                    "S",
                    Instances {
                        memory: Some("1Gi"),
                        cpu: Some("2"),
                        most: 0,
                        least: Some(1),
                    },
                ),
                "gcloud run deploy --allow-unauthenticated --platform=managed --image I S \
                 --memory 1Gi --cpu 2 --max-instances 0 --min-instances 1",
            ),
        ] {
            assert_eq!(line(&call), expected);
        }
    }

    // Proves: PUB-45
    #[test]
    fn the_name_of_the_image() {
        assert_eq!(
            REGISTRY.image("S"),
            "us-docker.pkg.dev/P/datasette/datasette-S"
        );
        let host = Registry {
            region: "eu-docker.pkg.dev",
            repository: "r",
            ..REGISTRY
        };
        assert_eq!(host.image("S"), "eu-docker.pkg.dev/P/r/datasette-S");
    }

    // Proves: PUB-46
    #[test]
    fn only_services_with_a_url_are_listed() {
        let answer = r#"[
            {"metadata": {"name": "a", "creationTimestamp": "2020"},
             "status": {"url": "https://a", "address": {"url": "https://a.example"}}},
            {"metadata": {"name": "b", "creationTimestamp": "2021"}, "status": {}}
        ]"#;
        let services = services_with_url(answer).unwrap();
        assert_eq!(
            services,
            [Service {
                name: "a".to_owned(),
                created: "2020".to_owned(),
                url: "https://a.example".to_owned(),
            }]
        );
        assert!(services_with_url("not logged in").is_err());
    }
}
