import { adoptedSageMakerSettings, sageMakerSettings } from "../../components/sagemaker/schema";
import { serviceSchema } from "./service";

/** Amazon SageMaker Studio. */
export const sagemaker = serviceSchema(
    {
        ...sageMakerSettings,
        /**
         * Name of the domain. What must be unique in the account and region is named from it.
         * @default made from the names of the project and the stack
         */
        domainName: sageMakerSettings.domainName.optional(),
        /**
         * What happens to the home directories and to the users' spaces when the domain is destroyed. `Retain` leaves the file system,
         * its interfaces and its security groups, so the VPC cannot be deleted before they are. `Delete` deletes all of them. It can be
         * changed at any time: the value at the time of the destruction counts.
         * @default `Retain` with `protectData`, `Delete` without
         */
        homeRetention: sageMakerSettings.homeRetention.unwrap().optional(),
    },
    (adopt) => adopt(adoptedSageMakerSettings),
);
